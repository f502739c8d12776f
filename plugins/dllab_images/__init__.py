"""Pictures from noise: GAN, VAE, diffusion, and text to image by diffusers' pipelines."""

import dllab
from dllab_images.ddpm import ddpm
from dllab_images.gan import gan
from dllab_images.gan_ring import gan_ring
from dllab_images.generate_image import generate_image
from dllab_images.image_quality import image_quality
from dllab_images.mnist import mnist_resources
from dllab_images.portrait_check import portrait_check
from dllab_images.restyle_image import restyle_image
from dllab_images.sample import sample
from dllab_images.train_portraits import train_portraits
from dllab_images.vae import vae


@dllab.hookimpl
def dllab_experiments():
    return [
        gan,
        gan_ring,
        vae,
        ddpm,
        sample,
        image_quality,
        train_portraits,
        generate_image,
        restyle_image,
        portrait_check,
    ]


@dllab.hookimpl
def dllab_resources():
    return mnist_resources()
